namespace ClosedLoop.Simulation.Tests.World;

/// <summary>A place where a repository's images run.</summary>
internal sealed class Target(string name)
{
    public string Name => name;

    public int Generation { get; set; }

    public int Checked { get; set; }

    // Of the rollouts that say what runs, those after which nothing older ran: their places, and the oldest commits that ran, both rising.
    private readonly List<(int Place, int Position)> _lows = [];
    private readonly List<Rollout> _rollouts = [];

    /// <summary>Its history, oldest first.</summary>
    public IReadOnlyList<Rollout> Rollouts => _rollouts;

    /// <summary>The place of the last rollout that says what runs; -1 when there is none.</summary>
    public int LastRunning { get; private set; } = -1;

    public void Add(Rollout rollout)
    {
        _rollouts.Add(rollout);
        if (!rollout.SaysWhatRuns) return;
        LastRunning = _rollouts.Count - 1;
        int position = rollout.Images.Min(static i => i.Commit.Position);
        while (_lows.Count > 0 && _lows[^1].Position >= position) _lows.RemoveAt(_lows.Count - 1);
        _lows.Add((LastRunning, position));
    }

    /// <summary>The place of the last rollout that ran something older than a position; -1 when there is none.</summary>
    public int LastBelow(int position)
    {
        int low = 0, high = _lows.Count;
        while (low < high)
        {
            int middle = (low + high) / 2;
            if (_lows[middle].Position < position) low = middle + 1;
            else high = middle;
        }
        return low == 0 ? -1 : _lows[low - 1].Place;
    }

    public List<HealthCheck> Checks { get; } = [];
}
