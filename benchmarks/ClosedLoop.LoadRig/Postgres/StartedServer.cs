using ClosedLoop.Storage.Tests;

namespace ClosedLoop.LoadRig.Postgres;

/// <summary>A durable PostgreSQL server with its defaults, for the time of a measurement.</summary>
internal sealed class StartedServer : IAsyncDisposable
{
    public PostgresServer Server { get; } = new() { IsDurable = true };

    public Task StartAsync() => Server.InitializeAsync();

    public async ValueTask DisposeAsync() => await Server.DisposeAsync();
}
