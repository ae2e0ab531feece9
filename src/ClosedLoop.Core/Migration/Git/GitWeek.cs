namespace ClosedLoop.Migration;

/// <summary>The landings of one ISO week, Monday 00:00 UTC to the next, by committer time.</summary>
/// <param name="Monday">The week's first day.</param>
/// <param name="Merges">Landings by merge.</param>
/// <param name="Squashes">Landings by squash.</param>
/// <param name="Directs">Other landings.</param>
public readonly record struct GitWeek(DateOnly Monday, int Merges, int Squashes, int Directs)
{
    /// <summary>All landings.</summary>
    public int Landings => Merges + Squashes + Directs;

    /// <summary>The week's ISO 8601 name, such as <c>2026-W07</c>.</summary>
    public override string ToString()
    {
        var day = Monday.ToDateTime(TimeOnly.MinValue);
        return string.Create(System.Globalization.CultureInfo.InvariantCulture, $"{System.Globalization.ISOWeek.GetYear(day):D4}-W{System.Globalization.ISOWeek.GetWeekOfYear(day):D2}");
    }
}
