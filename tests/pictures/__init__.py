"""The pictures and the key table that README shows, made from the program itself."""
