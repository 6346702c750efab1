select file_row_number as row_no, 1 as folded_count, * exclude (file_row_number)
    from read_parquet($file, file_row_number = true)
