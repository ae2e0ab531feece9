using Microsoft.Extensions.Hosting;

namespace ClosedLoop.Testing.Sandbox.Http;

/// <summary>The sandbox lives inside another program, whose Ctrl+C is not its own.</summary>
internal sealed class NoLifetime : IHostLifetime
{
    public Task WaitForStartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;
}
