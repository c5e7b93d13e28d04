"""The one package that writes workbooks: finished frames in, files out; nothing here computes a figure."""
