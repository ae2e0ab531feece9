using System.Globalization;

namespace ClosedLoop.Insights.Statistics;

/// <summary>A week by ISO 8601, in UTC: from Monday 00:00; the year's first week is the one with its first Thursday.</summary>
/// <param name="Year">The year that the week belongs to, which is not always the year of each of its days.</param>
/// <param name="Number">1 to 53.</param>
public readonly record struct IsoWeek(int Year, int Number) : IComparable<IsoWeek>
{
    /// <summary>When it begins.</summary>
    public DateTimeOffset Start => new(ISOWeek.ToDateTime(Year, Number, DayOfWeek.Monday), TimeSpan.Zero);

    /// <summary>When the next one begins.</summary>
    public DateTimeOffset End => Start.AddDays(7);

    /// <summary>The week that an instant lies in.</summary>
    public static IsoWeek Of(DateTimeOffset instant)
    {
        var day = instant.UtcDateTime;
        return new IsoWeek(ISOWeek.GetYear(day), ISOWeek.GetWeekOfYear(day));
    }

    /// <summary>The week so many weeks later, or earlier.</summary>
    public IsoWeek Add(int weeks) => Of(Start.AddDays(7 * weeks));

    /// <inheritdoc/>
    public int CompareTo(IsoWeek other) => (Year, Number).CompareTo((other.Year, other.Number));

    /// <summary>Whether one is earlier.</summary>
    public static bool operator <(IsoWeek left, IsoWeek right) => left.CompareTo(right) < 0;

    /// <summary>Whether one is later.</summary>
    public static bool operator >(IsoWeek left, IsoWeek right) => left.CompareTo(right) > 0;

    /// <summary>Whether one is the same or earlier.</summary>
    public static bool operator <=(IsoWeek left, IsoWeek right) => left.CompareTo(right) <= 0;

    /// <summary>Whether one is the same or later.</summary>
    public static bool operator >=(IsoWeek left, IsoWeek right) => left.CompareTo(right) >= 0;

    /// <summary>As ISO 8601 writes it: <c>2026-W03</c>.</summary>
    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"{Year:0000}-W{Number:00}");
}
