using ClosedLoop.Facts;

namespace ClosedLoop.Items;

/// <summary>What the series of a gate say together: the newest of each status, seen in one pass.</summary>
internal struct GateTally
{
    /// <summary>The newest of all.</summary>
    public Fact? Newest { get; private set; }

    public Fact? Failed { get; private set; }

    public Fact? Running { get; private set; }

    /// <summary>The newest without a verdict.</summary>
    public Fact? Waiting { get; private set; }

    /// <summary>The newest without a verdict that speaks of the whole gate.</summary>
    public Fact? Undecided { get; private set; }

    /// <summary>The newest pass of the whole gate.</summary>
    public Fact? Passed { get; private set; }

    /// <summary>How many passes there are of the whole gate.</summary>
    public int PassedCount { get; private set; }

    /// <summary>The newest pass, be it of a part.</summary>
    public Fact? PassedPart { get; private set; }

    /// <summary>The newest that says of the whole gate that it does not apply.</summary>
    public Fact? Exempt { get; private set; }

    /// <param name="series">One fact for each series.</param>
    /// <param name="partsCount">Whether a part counts as the whole does: where each part is asked for by name.</param>
    public static GateTally Of(List<Fact> series, bool partsCount)
    {
        var tally = default(GateTally);
        foreach (var fact in series) tally.Add(fact, isWhole: partsCount || !fact.IsPartial);
        return tally;
    }

    /// <summary>The newer of two; the one at hand when they are of one moment and one thing.</summary>
    public static Fact Newer(Fact? newest, Fact fact) => newest is null || InTime(fact, newest) > 0 ? fact : newest;

    // Of one moment, by what the series is and not by which run of it speaks: that changes without concerning who waits for it.
    public static int InTime(Fact one, Fact other)
    {
        int order = one.OccurredAt.UtcTicks.CompareTo(other.OccurredAt.UtcTicks);
        if (order == 0) order = string.CompareOrdinal(one.Environment, other.Environment);
        if (order == 0) order = string.CompareOrdinal(one.Name, other.Name);
        return order == 0 ? Fact.CompareRegisters(one, other) : order;
    }

    private void Add(Fact fact, bool isWhole)
    {
        Newest = Newer(Newest, fact);
        switch (fact.Status)
        {
            case GateStatus.Failed:
                Failed = Newer(Failed, fact);
                break;
            case GateStatus.Running:
                Running = Newer(Running, fact);
                break;
            case GateStatus.Waiting:
                Waiting = Newer(Waiting, fact);
                if (isWhole) Undecided = Newer(Undecided, fact);
                break;
            case GateStatus.Passed:
                PassedPart = Newer(PassedPart, fact);
                if (!isWhole) break;
                Passed = Newer(Passed, fact);
                PassedCount++;
                break;
            case GateStatus.NotApplicable when isWhole:
                Exempt = Newer(Exempt, fact);
                break;
        }
    }
}
