using ClosedLoop.Pipelines;

namespace ClosedLoop.Core.Tests.Lines.Model;

/// <summary>What stays the same during a history: repositories, environments, checks, and the rules of the gates.</summary>
internal sealed record WorldShape
{
    public int Repositories { get; init; } = 1;

    /// <summary>Changes land on staging, and staging is merged to main.</summary>
    public bool Staged { get; init; }

    /// <summary>The heads of release lines are never reported.</summary>
    public bool BlindReleases { get; init; }

    /// <summary>What came before the first commit that we know of is not known.</summary>
    public bool OldHistory { get; init; }

    public int Environments { get; init; } = 1;

    public int Targets { get; init; } = 1;

    public int Checks { get; init; } = 1;

    /// <summary>The checks are reported as checks of a commit, where a re-run replaces the run before, and not as builds.</summary>
    public bool ChecksOfCommits { get; init; }

    /// <summary>Rollouts are reported as what an environment runs, and not as deployments with an id.</summary>
    public bool LevelReports { get; init; }

    public bool RequiresUnit { get; init; }

    /// <summary>0: all targets; 1: any; 2: two of them; 3: the first one, by name.</summary>
    public int TargetRule { get; init; }

    public bool OnlyProduction { get; init; }

    public bool OnlyMain { get; init; }

    public bool DocsNeedNoImage { get; init; }

    public PipelineDefinition Pipeline() => new PipelineBuilder("delivery").UseDefaultGates().Without(Gates.PrOpened).Without(Gates.Reviewed)
        .Gate(Gates.Merged, g => Lines(g))
        .Gate(Gates.MainCi, g => Lines(RequiresUnit ? g.Require("unit") : g))
        .Gate(Gates.ImageBuilt, g => { if (DocsNeedNoImage) g.ExemptPaths("docs/**"); })
        .Gate(Gates.RolledOut, g => Where(g))
        .Gate(Gates.Healthy, g => Where(g))
        .Build();

    private GateBuilder Lines(GateBuilder gate) => OnlyMain ? gate.OnLines("main") : gate;

    private GateBuilder Where(GateBuilder gate)
    {
        if (OnlyProduction) gate.InEnvironments("production");
        return TargetRule switch
        {
            1 => gate.PassWhenAny(),
            2 => gate.Quorum(2),
            3 => gate.Require("t0"),
            _ => gate,
        };
    }
}
