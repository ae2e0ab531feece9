using ClosedLoop.Facts;

namespace ClosedLoop.Items;

/// <summary>
/// Reduces runs to series: of several runs of one check, job or target in one environment, the newest with a verdict speaks; a cancelled or
/// superseded run is neither pass nor fail; a re-run of a failure shows as running.
/// </summary>
internal static class GateSeries
{
    private const int MostToLookThrough = 12;

    /// <param name="facts">The runs.</param>
    /// <param name="spoken">Takes the one fact by which each series speaks.</param>
    public static void Group(List<Fact> facts, List<Fact> spoken)
    {
        spoken.Clear();
        if (facts.Count == 1) spoken.Add(facts[0]);
        else if (facts.Count <= MostToLookThrough) LookThrough(facts, spoken);
        else foreach (var series in facts.GroupBy(static f => (f.Writer, Series: SeriesOf(f), f.Environment))) spoken.Add(Speaker([.. series], 0));
    }

    // A few are sooner compared than hashed.
    private static void LookThrough(List<Fact> facts, List<Fact> spoken)
    {
        for (int i = 0; i < facts.Count; i++)
            if (IsFirst(facts, i)) spoken.Add(Speaker(facts, i));
    }

    private static bool IsFirst(List<Fact> facts, int place)
    {
        for (int i = 0; i < place; i++)
            if (IsSameSeries(facts[i], facts[place])) return false;
        return true;
    }

    private static Fact Speaker(List<Fact> facts, int first)
    {
        var newest = facts[first];
        Fact? verdict = null;
        for (int i = first; i < facts.Count; i++)
        {
            var fact = facts[i];
            if (!IsSameSeries(fact, newest)) continue;
            if (IsNewer(fact, newest)) newest = fact;
            if (IsVerdict(fact) && (verdict is null || IsNewer(fact, verdict))) verdict = fact;
        }
        bool reruns = newest.Status == GateStatus.Running && verdict?.Status == GateStatus.Failed;
        return verdict is null || reruns ? newest : verdict;
    }

    private static string SeriesOf(Fact fact) => fact.Name ?? fact.Subject.ToString();

    private static bool IsSameSeries(Fact one, Fact other) => one.Writer == other.Writer && one.Environment == other.Environment && SeriesOf(one) == SeriesOf(other);

    private static bool IsVerdict(Fact fact) => fact.Status is GateStatus.Passed or GateStatus.Failed or GateStatus.NotApplicable;

    private static bool IsNewer(Fact left, Fact right)
    {
        int order = left.Ordinal.CompareTo(right.Ordinal);
        return order > 0 || (order == 0 && Fact.CompareRegisters(left, right) > 0);
    }
}
