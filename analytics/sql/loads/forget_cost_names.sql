-- Makes room for the cost names of this program.
delete from cost_names
