namespace ClosedLoop.Adapters.Jenkins;

/// <summary>What an <c>UNSTABLE</c> build (it finished, but tests failed or a threshold was missed) says of the gate.</summary>
public enum UnstableMeans
{
    /// <summary>It fails the gate. The default: an unstable build has failing tests.</summary>
    Failed = 0,

    /// <summary>It passes the gate, as Jenkins' own <c>lastSuccessfulBuild</c> counts it.</summary>
    Passed = 1,

    /// <summary>It decides nothing: the gate waits for another build.</summary>
    Inconclusive = 2,
}
