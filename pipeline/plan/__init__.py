"""The plan: reading and checking its workbook, who must report what, and next year's plan."""
