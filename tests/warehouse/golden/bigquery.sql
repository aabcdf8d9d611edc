SELECT
  CASE
    WHEN COALESCE(TRIM(CAST(`Postal Code` AS STRING)), '') LIKE '_____-____'
    THEN SUBSTRING(COALESCE(TRIM(CAST(`Postal Code` AS STRING)), ''), 1, 5)
    ELSE COALESCE(TRIM(CAST(`Postal Code` AS STRING)), '')
  END AS tp_code,
  COALESCE(TRIM(CAST(`Country` AS STRING)), '') AS tp_country,
  COUNT(*) AS tp_accounts,
  SUM(`Revenue`) AS `Revenue`,
  SUM(`a"b\`c]d`) AS `a"b\`c]d`
FROM sales.accounts
GROUP BY
  CASE
    WHEN COALESCE(TRIM(CAST(`Postal Code` AS STRING)), '') LIKE '_____-____'
    THEN SUBSTRING(COALESCE(TRIM(CAST(`Postal Code` AS STRING)), ''), 1, 5)
    ELSE COALESCE(TRIM(CAST(`Postal Code` AS STRING)), '')
  END,
  COALESCE(TRIM(CAST(`Country` AS STRING)), '')
LIMIT 2000001
