using System.Collections.Immutable;

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
        return JoinRegister(left, right);
    }

    /// <summary>Whether two facts have one ordinal but say different things: an anomaly worth a diagnostic.</summary>
    public static bool Contradict(Fact left, Fact right) =>
        left.Register == right.Register && left.Ordinal == right.Ordinal && left.Status != right.Status;

    /// <summary>Joins two facts that are known to be of one register. Of equal ones the left stays, and nothing is allocated.</summary>
    internal static Fact JoinRegister(Fact left, Fact right)
    {
        int order = left.Ordinal.CompareTo(right.Ordinal);
        if (order != 0) return order > 0 ? left : right;
        if (ReferenceEquals(left, right)) return left;
        var winner = CompareOwnContent(left, right) >= 0 ? left : right;
        var loser = ReferenceEquals(winner, left) ? right : left;
        return IsSubset(loser.Links, winner.Links) ? winner : winner with { Links = winner.Links.Union(loser.Links) };
    }

    internal static int CompareContent(Fact left, Fact right)
    {
        if (ReferenceEquals(left, right)) return 0;
        int order = Fact.CompareRegisters(left, right);
        if (order != 0) return order;
        order = left.Ordinal.CompareTo(right.Ordinal);
        if (order != 0) return order;
        order = CompareOwnContent(left, right);
        return order != 0 ? order : CompareLinks(left.Links, right.Links);
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
        return order != 0 ? order : CompareAttributes(left.AttributesInOrder, right.AttributesInOrder);
    }

    private static bool IsSubset(ImmutableSortedSet<Key> part, ImmutableSortedSet<Key> whole)
    {
        if (ReferenceEquals(part, whole)) return true;
        for (int i = 0; i < part.Count; i++)
            if (!whole.Contains(part[i]))
                return false;
        return true;
    }

    // By index: the enumerators of these sets are boxed or take a stack.
    private static int CompareLinks(ImmutableSortedSet<Key> left, ImmutableSortedSet<Key> right)
    {
        if (ReferenceEquals(left, right)) return 0;
        for (int i = 0; i < Math.Min(left.Count, right.Count); i++)
            if (left[i].CompareTo(right[i]) is not 0 and var order)
                return order;
        return left.Count.CompareTo(right.Count);
    }

    private static int CompareAttributes(ReadOnlySpan<KeyValuePair<string, string>> left, ReadOnlySpan<KeyValuePair<string, string>> right)
    {
        for (int i = 0; i < Math.Min(left.Length, right.Length); i++)
        {
            int order = string.CompareOrdinal(left[i].Key, right[i].Key);
            if (order == 0) order = string.CompareOrdinal(left[i].Value, right[i].Value);
            if (order != 0) return order;
        }
        return left.Length.CompareTo(right.Length);
    }
}
