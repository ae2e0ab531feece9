namespace ClosedLoop.LoadRig.Reconcile;

/// <summary>Every call as it was made, on virtual time.</summary>
internal sealed class CallLog
{
    private readonly List<(DateTimeOffset At, int Points, bool IsFree)> _calls = [];

    public void Add(DateTimeOffset at, int points, bool isFree) => _calls.Add((at, points, isFree));

    /// <summary>Calls after an instant, free ones included.</summary>
    public int CallsSince(DateTimeOffset at) => _calls.Count(c => c.At >= at);

    public long PointsSince(DateTimeOffset at) => _calls.Where(c => c.At >= at && !c.IsFree).Sum(static c => (long)c.Points);

    /// <summary>The most that any hour saw, whichever minute it begins at: calls, and what GitHub charges for them.</summary>
    public (int Calls, long Points) BusiestHour()
    {
        int calls = 0, first = 0;
        long points = 0, mostPoints = 0;
        int mostCalls = 0;
        foreach (var call in _calls)
        {
            calls++;
            points += call.IsFree ? 0 : call.Points;
            for (; _calls[first].At <= call.At.AddHours(-1); first++)
            {
                calls--;
                points -= _calls[first].IsFree ? 0 : _calls[first].Points;
            }
            (mostCalls, mostPoints) = (Math.Max(mostCalls, calls), Math.Max(mostPoints, points));
        }
        return (mostCalls, mostPoints);
    }
}
