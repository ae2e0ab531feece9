namespace ClosedLoop.Storage.Tests;

/// <summary>As a fixture of xunit.</summary>
public sealed partial class PostgresServer : IAsyncLifetime;
