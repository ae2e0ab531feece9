using ClosedLoop.Facts;

namespace ClosedLoop.Simulation.Tests.World;

/// <summary>A build of the line's head; a re-run is another attempt of it.</summary>
internal sealed class Build(int number, LineCommit commit)
{
    public int Number => number;

    public LineCommit Commit => commit;

    public int Attempt { get; set; } = 1;

    public List<BuildState> States { get; } = [];

    public BuildState? At(DateTimeOffset instant) => States.FindLast(s => s.At <= instant);
}

/// <summary>What a build showed from an instant on.</summary>
internal sealed record BuildState(DateTimeOffset At, GateStatus Status, Reason Reason, Ordinal Ordinal);
