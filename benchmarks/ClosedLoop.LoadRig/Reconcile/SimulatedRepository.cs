namespace ClosedLoop.LoadRig.Reconcile;

/// <summary>A repository of the simulated GitHub.</summary>
internal sealed class SimulatedRepository(int index)
{
    public int Index => index;

    public string Name { get; } = $"acme/service-{index}";

    public Dictionary<int, SimulatedPull> Pulls { get; } = [];

    /// <summary>The last changed ones come last.</summary>
    public List<SimulatedPull> ByUpdate { get; } = [];

    /// <summary>The default branch, oldest first.</summary>
    public List<SimulatedCommit> Line { get; } = [];

    public Dictionary<string, int> Places { get; } = new(StringComparer.Ordinal);

    public void Touch(SimulatedPull pull)
    {
        ByUpdate.Remove(pull);
        ByUpdate.Add(pull);
    }

    public SimulatedCommit Land(DateTimeOffset at)
    {
        int place = Line.Count;
        var commit = new SimulatedCommit($"{index:x8}{place:x32}", place == 0 ? null : Line[^1].Sha, at, (index * 1_000_000L) + place + 1);
        Places[commit.Sha] = place;
        Line.Add(commit);
        return commit;
    }
}
