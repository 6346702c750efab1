-- Grain: one row a cell of every column side by side; columns are independent, a shorter one is filled up with nulls.
-- Columns: plain_<field>, <field>, is_bad_<field> (a problem) or is_odd_<field> (read as blank although it says something).
-- A template: the reader fills in the format's columns.
create or replace temp view read_cells as
with
plain_cells as (
    select
        *,
        $plain_cells
    from cells
),
values_of_cells as (
    select
        *,
        $values_of_cells
    from plain_cells
)
select
    *,
    $tests
from values_of_cells
