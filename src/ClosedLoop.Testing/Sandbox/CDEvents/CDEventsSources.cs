namespace ClosedLoop.Testing.Sandbox.CDEvents;

/// <summary>The sources that the sandbox's CDEvents name.</summary>
internal static class CDEventsSources
{
    /// <summary>Builds have a source for each job, below <see cref="Ci"/>.</summary>
    public const string SourceControl = "/sandbox/scm", Ci = "/sandbox/ci", Registry = "/sandbox/registry", Deployer = "/sandbox/deployer", Monitor = "/sandbox/monitor";
}
