namespace ClosedLoop.Facts;

/// <summary>
/// The place of a fact in the total order of facts about one subject and kind, by one writer. It is taken from the source's own
/// data (run and attempt number, update time, terminality rank) and never from the time of arrival, so that duplicates,
/// reordering and re-polls cannot change the result.
/// </summary>
/// <param name="Major">The first component: usually a run id, or an update time in Unix milliseconds.</param>
/// <param name="Minor">The second component: usually an attempt number or an id.</param>
/// <param name="Rank">
/// How terminal the observed state is (open &lt; running &lt; finished), to order two states that carry the same time: many
/// sources have a resolution of one second (wire.md 0.2).
/// </param>
/// <remarks>Ordinals compare only within one (writer, subject, kind).</remarks>
public readonly record struct Ordinal(long Major, long Minor = 0, int Rank = 0) : IComparable<Ordinal>
{
    /// <summary>Orders by an instant of the source's clock, then by terminality.</summary>
    public static Ordinal At(DateTimeOffset instant, int rank = 0, long minor = 0) => new(instant.ToUnixTimeMilliseconds(), minor, rank);

    /// <inheritdoc/>
    public int CompareTo(Ordinal other)
    {
        int major = Major.CompareTo(other.Major);
        if (major != 0) return major;
        int minor = Minor.CompareTo(other.Minor);
        return minor != 0 ? minor : Rank.CompareTo(other.Rank);
    }

    /// <summary>Whether the left ordinal is older.</summary>
    public static bool operator <(Ordinal left, Ordinal right) => left.CompareTo(right) < 0;

    /// <summary>Whether the left ordinal is newer.</summary>
    public static bool operator >(Ordinal left, Ordinal right) => left.CompareTo(right) > 0;

    /// <summary>Whether the left ordinal is older or equal.</summary>
    public static bool operator <=(Ordinal left, Ordinal right) => left.CompareTo(right) <= 0;

    /// <summary>Whether the left ordinal is newer or equal.</summary>
    public static bool operator >=(Ordinal left, Ordinal right) => left.CompareTo(right) >= 0;

    /// <summary>The text form, <c>major.minor.rank</c>.</summary>
    public override string ToString() => $"{Major}.{Minor}.{Rank}";
}
