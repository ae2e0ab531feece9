namespace ClosedLoop.Testing.Tests.Sandbox;

/// <summary>Who says in a driven system that what runs is healthy.</summary>
internal enum DrivenHealth
{
    /// <summary>The system that rolls out.</summary>
    Deployer,

    /// <summary>Checks of the services over HTTP.</summary>
    Http,

    /// <summary>Questions to Prometheus.</summary>
    Prometheus,
}
