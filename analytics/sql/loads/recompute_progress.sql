update {stored}
set progress = ({progress})::smallint
where progress <> ({progress})::smallint
