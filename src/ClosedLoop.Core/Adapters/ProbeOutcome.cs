namespace ClosedLoop.Adapters;

/// <summary>How a probe went. Only <see cref="Reached"/> says anything about the source's subjects.</summary>
public enum ProbeOutcome
{
    /// <summary>The source answered; what it did not mention is not there.</summary>
    Reached = 0,

    /// <summary>The source could not be reached or refused: its gates are blind. No fact changes.</summary>
    Unreachable = 1,

    /// <summary>The source answered part of it and then limited the rate; look again at <see cref="ProbeResult.RetryAt"/>.</summary>
    RateLimited = 2,
}
