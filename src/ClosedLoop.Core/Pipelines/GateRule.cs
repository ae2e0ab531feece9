namespace ClosedLoop.Pipelines;

/// <summary>How a gate combines the evidence of several series (checks, reviewers, targets) into one status.</summary>
public enum GateRule
{
    /// <summary>Every known series must pass; one failure fails the gate, and one without a verdict holds it up. The default.</summary>
    All = 0,

    /// <summary>One passing series is enough.</summary>
    Any = 1,

    /// <summary>Each series named by <see cref="GateDefinition.Names"/> must pass; others do not matter.</summary>
    Named = 2,

    /// <summary>Enough series must pass (<see cref="GateDefinition.AtLeast"/>) and none may fail; those without a verdict do not matter. For reviews.</summary>
    NoneFails = 3,
}
