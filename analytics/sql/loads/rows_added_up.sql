select
        min(file_row_number) as row_no,
        count(*) as folded_count,
        min(source_sheet) as source_sheet,
        min(source_row) as source_row,
        max(exported_at) as exported_at,
        max(row_at) as row_at,
        case
            when count(*) = 1 then max(content_hash)
            else md5_number_lower(concat_ws(chr(31), {file_keys}, sum({money})::bigint))
        end as content_hash,
        min(platform) as platform,
        {file_keys},
        sum({money})::bigint as {money}
    from read_parquet($file, file_row_number = true)
    group by {file_keys}
