namespace ClosedLoop.LoadRig.Reconcile;

/// <summary>A pull request of the simulated GitHub.</summary>
internal sealed class SimulatedPull(SimulatedRepository repository, int number, string item, DateTimeOffset openedAt)
{
    public SimulatedRepository Repository => repository;

    public int Number => number;

    /// <summary>The work item that its body names.</summary>
    public string Item => item;

    public DateTimeOffset OpenedAt { get; } = openedAt;

    public DateTimeOffset UpdatedAt { get; private set; } = openedAt;

    public DateTimeOffset? ReviewedAt { get; private set; }

    public DateTimeOffset? MergedAt { get; private set; }

    public SimulatedCommit? Landing { get; private set; }

    public void Review(DateTimeOffset at) => ReviewedAt = UpdatedAt = at;

    public void Merge(DateTimeOffset at, SimulatedCommit landing) => (MergedAt, UpdatedAt, Landing) = (at, at, landing);
}
