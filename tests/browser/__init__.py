"""Screens in a real browser against the whole of Trassa, which is started once for this folder."""
