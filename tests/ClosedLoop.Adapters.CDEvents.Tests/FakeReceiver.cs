using System.Collections.Concurrent;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace ClosedLoop.Adapters.CDEvents.Tests;

/// <summary>Takes events on a loopback port.</summary>
internal sealed class FakeReceiver : IAsyncDisposable
{
    private readonly WebApplication _app;
    private readonly SemaphoreSlim _arrived = new(0);

    private FakeReceiver(WebApplication app) => _app = app;

    public Uri Address { get; private set; } = null!;

    public ConcurrentQueue<(Dictionary<string, string> Headers, byte[] Body)> Taken { get; } = [];

    /// <summary>The status of the next answers, by how many came before; 202 without.</summary>
    public Func<int, int>? Status { get; set; }

    public int Posts;

    /// <summary>Waits until so many events were taken.</summary>
    public async Task TakenAsync(int count, CancellationToken cancellationToken)
    {
        while (Taken.Count < count) await _arrived.WaitAsync(cancellationToken);
    }

    public static async Task<FakeReceiver> StartAsync()
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        var app = builder.Build();
        var receiver = new FakeReceiver(app);
        app.Run(receiver.TakeAsync);
        await app.StartAsync();
        receiver.Address = new Uri(app.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.First() + "/canary-path");
        return receiver;
    }

    public async ValueTask DisposeAsync()
    {
        await _app.DisposeAsync();
        _arrived.Dispose();
    }

    private async Task TakeAsync(HttpContext context)
    {
        int before = Interlocked.Increment(ref Posts) - 1;
        using var body = new MemoryStream();
        await context.Request.Body.CopyToAsync(body);
        int status = Status?.Invoke(before) ?? 202;
        if (status is >= 300 and < 400) context.Response.Headers.Location = "/elsewhere";
        if (status == 202) Taken.Enqueue((context.Request.Headers.ToDictionary(static h => h.Key, static h => h.Value.ToString(), StringComparer.OrdinalIgnoreCase), body.ToArray()));
        context.Response.StatusCode = status;
        _arrived.Release();
    }
}
