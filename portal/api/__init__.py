"""The HTTP side: routes, errors, who may enter, and the files of the web app."""
