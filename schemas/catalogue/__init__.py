"""The messages by what they are about; :mod:`schemas.messages` joins them."""
