using System.Collections.Concurrent;
using System.Net;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Server.Kestrel.Core;

namespace ClosedLoop.Testing.Tests.Sandbox;

/// <summary>Takes webhooks on a port of loopback and remembers them.</summary>
internal sealed class HookReceiver : IAsyncDisposable
{
    private readonly ConcurrentQueue<Hook> _hooks = new();
    private readonly WebApplication _app;
    private ListenOptions? _port;

    private HookReceiver(Func<Hook, int> answer)
    {
        var builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        builder.WebHost.UseKestrelCore().ConfigureKestrel(k => k.Listen(IPAddress.Loopback, 0, o => _port = o));
        _app = builder.Build();
        _app.Run(async context =>
        {
            using var body = new MemoryStream();
            await context.Request.Body.CopyToAsync(body);
            var hook = new Hook(
                context.Request.Path.Value!["/hooks/".Length..],
                context.Request.Headers.ToDictionary(h => h.Key, h => h.Value.ToString(), StringComparer.OrdinalIgnoreCase),
                body.ToArray());
            _hooks.Enqueue(hook);
            context.Response.StatusCode = answer(hook);
        });
    }

    public Uri Target => new($"http://127.0.0.1:{_port!.IPEndPoint!.Port}/hooks/");

    public IReadOnlyList<Hook> Hooks => [.. _hooks];

    public static async Task<HookReceiver> StartAsync(Func<Hook, int>? answer = null)
    {
        var receiver = new HookReceiver(answer ?? (_ => StatusCodes.Status202Accepted));
        await receiver._app.StartAsync();
        return receiver;
    }

    public ValueTask DisposeAsync() => _app.DisposeAsync();
}
