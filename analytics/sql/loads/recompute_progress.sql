-- Gives every stored version the progress that the words mean today.
update {stored}
set progress = ({progress})::smallint
where progress <> ({progress})::smallint
