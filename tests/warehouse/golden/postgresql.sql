SELECT
  CASE
    WHEN COALESCE(TRIM(CAST("Postal Code" AS VARCHAR(200))), '') LIKE '_____-____'
    THEN SUBSTRING(COALESCE(TRIM(CAST("Postal Code" AS VARCHAR(200))), '') FROM 1 FOR 5)
    ELSE COALESCE(TRIM(CAST("Postal Code" AS VARCHAR(200))), '')
  END AS tp_code,
  COALESCE(TRIM(CAST("Country" AS VARCHAR(200))), '') AS tp_country,
  COUNT(*) AS tp_accounts,
  SUM("Revenue") AS "Revenue",
  SUM("a""b`c]d") AS "a""b`c]d"
FROM sales.accounts
GROUP BY
  CASE
    WHEN COALESCE(TRIM(CAST("Postal Code" AS VARCHAR(200))), '') LIKE '_____-____'
    THEN SUBSTRING(COALESCE(TRIM(CAST("Postal Code" AS VARCHAR(200))), '') FROM 1 FOR 5)
    ELSE COALESCE(TRIM(CAST("Postal Code" AS VARCHAR(200))), '')
  END,
  COALESCE(TRIM(CAST("Country" AS VARCHAR(200))), '')
LIMIT 2000001
