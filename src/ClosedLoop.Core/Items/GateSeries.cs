using ClosedLoop.Facts;

namespace ClosedLoop.Items;

/// <summary>
/// Reduces runs to series: of several runs of one check, job or target in one environment, the newest with a verdict speaks; a cancelled or
/// superseded run is neither pass nor fail; a re-run of a failure shows as running.
/// </summary>
internal static class GateSeries
{
    public static List<Fact> Group(List<Fact> facts)
    {
        if (facts.Count == 1) return [facts[0]];
        var spoken = new List<Fact>(facts.Count);
        foreach (var run in facts.GroupBy(static f => (f.Writer, Series: f.Name ?? f.Subject.ToString(), f.Environment)))
        {
            Fact? newest = null, verdict = null;
            foreach (var fact in run)
            {
                if (newest is null || IsNewer(fact, newest)) newest = fact;
                if (IsVerdict(fact) && (verdict is null || IsNewer(fact, verdict))) verdict = fact;
            }
            bool reruns = newest!.Status == GateStatus.Running && verdict?.Status == GateStatus.Failed;
            spoken.Add(verdict is null || reruns ? newest : verdict);
        }
        return spoken;
    }

    private static bool IsVerdict(Fact fact) => fact.Status is GateStatus.Passed or GateStatus.Failed or GateStatus.NotApplicable;

    private static bool IsNewer(Fact left, Fact right)
    {
        int order = left.Ordinal.CompareTo(right.Ordinal);
        return order > 0 || (order == 0 && left.Register.CompareTo(right.Register) > 0);
    }
}
