using ClosedLoop.Facts;

namespace ClosedLoop.Lines;

/// <summary>That a source said where a line stands.</summary>
/// <param name="Commit">The commit.</param>
/// <param name="At">When it stood there.</param>
/// <param name="Ordinal">The source's own order, for what it says of one instant.</param>
internal sealed record HeardHead(string Commit, DateTimeOffset At, Ordinal Ordinal) : IComparable<HeardHead>
{
    /// <summary>Sources' clocks are as good as we have: several may read one branch.</summary>
    public int CompareTo(HeardHead? other)
    {
        if (other is null) return 1;
        int at = At.CompareTo(other.At);
        if (at != 0) return at;
        int ordinal = Ordinal.CompareTo(other.Ordinal);
        return ordinal != 0 ? ordinal : string.CompareOrdinal(Commit, other.Commit);
    }
}
