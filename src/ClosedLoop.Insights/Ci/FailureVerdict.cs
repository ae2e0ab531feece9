namespace ClosedLoop.Insights.Ci;

/// <summary>Why a test or a run failed.</summary>
public enum FailureVerdict
{
    /// <summary>Nobody said.</summary>
    Unknown = 0,

    /// <summary>The change was at fault: the failure told the truth.</summary>
    Real = 1,

    /// <summary>The test passes and fails without a change.</summary>
    Flaky = 2,

    /// <summary>A machine, the network or a service that the test needs.</summary>
    Infrastructure = 3,

    /// <summary>The test demanded what was not right.</summary>
    BadAssertion = 4,
}
