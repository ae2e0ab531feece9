namespace ClosedLoop.Facts;

/// <summary>
/// The join of facts in one register: commutative, associative and idempotent, so that any permutation and duplication of the
/// same facts gives the same result (design invariant 1).
/// </summary>
/// <remarks>
/// The greater ordinal wins whole. Two different facts with one ordinal are an anomaly of the source; the winner is chosen by
/// content, the more cautious status first, and both facts' links are kept. Pure; safe from any thread.
/// </remarks>
public static class FactJoin
{
    /// <summary>Joins two facts of one register.</summary>
    /// <exception cref="ArgumentException">The facts belong to different registers.</exception>
    public static Fact Join(Fact left, Fact right)
    {
        ArgumentNullException.ThrowIfNull(left);
        ArgumentNullException.ThrowIfNull(right);
        if (left.Register != right.Register)
            throw new ArgumentException($"Facts of different registers cannot be joined: {left.Register} and {right.Register}.", nameof(right));
        int order = left.Ordinal.CompareTo(right.Ordinal);
        if (order != 0) return order > 0 ? left : right;
        if (ReferenceEquals(left, right)) return left;
        var winner = CompareOwnContent(left, right) >= 0 ? left : right;
        var loser = ReferenceEquals(winner, left) ? right : left;
        var links = winner.Links.Union(loser.Links);
        return links.Count == winner.Links.Count ? winner : winner with { Links = links };
    }

    /// <summary>Whether two facts have one ordinal but say different things: an anomaly worth a diagnostic.</summary>
    public static bool Contradict(Fact left, Fact right) =>
        left.Register == right.Register && left.Ordinal == right.Ordinal && left.Status != right.Status;

    internal static int CompareContent(Fact left, Fact right)
    {
        if (ReferenceEquals(left, right)) return 0;
        int order = left.Register.CompareTo(right.Register);
        if (order != 0) return order;
        order = left.Ordinal.CompareTo(right.Ordinal);
        if (order != 0) return order;
        order = CompareOwnContent(left, right);
        return order != 0 ? order : CompareSequences(left.Links, right.Links, static (a, b) => a.CompareTo(b));
    }

    // On a tie the status that claims less wins: nothing unknown is ever read as success.
    private static int Caution(GateStatus status) => status switch
    {
        GateStatus.Failed => 4,
        GateStatus.Waiting => 3,
        GateStatus.Running => 2,
        GateStatus.NotApplicable => 1,
        GateStatus.Passed => 0,
        _ => 5,
    };

    private static int CompareOwnContent(Fact left, Fact right)
    {
        int order = Caution(left.Status).CompareTo(Caution(right.Status));
        if (order == 0) order = ((int)left.Reason).CompareTo((int)right.Reason);
        if (order == 0) order = right.OccurredAt.UtcTicks.CompareTo(left.OccurredAt.UtcTicks);
        if (order == 0) order = left.IsPartial.CompareTo(right.IsPartial);
        if (order == 0) order = string.CompareOrdinal(left.Name, right.Name);
        if (order == 0) order = string.CompareOrdinal(left.Environment, right.Environment);
        if (order == 0) order = string.CompareOrdinal(left.Revision, right.Revision);
        if (order == 0) order = string.CompareOrdinal(left.Detail, right.Detail);
        if (order == 0) order = (left.Evidence is null).CompareTo(right.Evidence is null);
        if (order == 0) order = string.CompareOrdinal(left.Evidence?.Label, right.Evidence?.Label);
        // As it is written, which is what is stored: two spellings of one address are two texts.
        if (order == 0) order = string.CompareOrdinal(left.Evidence?.Url?.OriginalString, right.Evidence?.Url?.OriginalString);
        if (order == 0) order = CompareSequences(left.Attributes, right.Attributes, static (a, b) =>
        {
            int name = string.CompareOrdinal(a.Key, b.Key);
            return name != 0 ? name : string.CompareOrdinal(a.Value, b.Value);
        });
        return order;
    }

    private static int CompareSequences<T>(IReadOnlyCollection<T> left, IReadOnlyCollection<T> right, Func<T, T, int> compare)
    {
        using var a = left.GetEnumerator();
        using var b = right.GetEnumerator();
        while (true)
        {
            bool hasLeft = a.MoveNext(), hasRight = b.MoveNext();
            if (!hasLeft || !hasRight) return hasLeft.CompareTo(hasRight);
            int order = compare(a.Current, b.Current);
            if (order != 0) return order;
        }
    }
}
