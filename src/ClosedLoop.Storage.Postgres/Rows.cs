namespace ClosedLoop.Storage.Postgres;

/// <summary>Rows on their way into arrays.</summary>
internal static class Rows
{
    /// <summary>The rows in the order of their keys, of equal keys the last: one statement cannot change a row twice.</summary>
    public static IReadOnlyList<T> LastOfEach<T>(IReadOnlyList<T> rows, Comparison<T> compare)
    {
        if (IsAscending(rows, compare)) return rows;
        var sorted = Sorted(rows, compare);
        int count = 0;
        for (int i = 0; i < sorted.Length; i++)
            if (i + 1 == sorted.Length || compare(sorted[i], sorted[i + 1]) != 0)
                sorted[count++] = sorted[i];
        return new ArraySegment<T>(sorted, 0, count);
    }

    /// <summary>The rows in the order of their keys; equal keys stay in the order in which they came.</summary>
    public static T[] Sorted<T>(IReadOnlyList<T> rows, Comparison<T> compare) => [.. rows.Order(Comparer<T>.Create(compare))];

    public static TValue[] Column<T, TValue>(IReadOnlyList<T> rows, Func<T, TValue> value)
    {
        var column = new TValue[rows.Count];
        for (int i = 0; i < column.Length; i++) column[i] = value(rows[i]);
        return column;
    }

    public static int Compare(string first, string otherFirst, string second, string otherSecond)
    {
        int order = string.CompareOrdinal(first, otherFirst);
        return order != 0 ? order : string.CompareOrdinal(second, otherSecond);
    }

    private static bool IsAscending<T>(IReadOnlyList<T> rows, Comparison<T> compare)
    {
        for (int i = 1; i < rows.Count; i++)
            if (compare(rows[i - 1], rows[i]) >= 0)
                return false;
        return true;
    }
}
