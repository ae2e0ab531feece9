using System.Collections.Concurrent;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace ClosedLoop.Alerting.Tests.Sinks;

/// <summary>Takes requests on a loopback port and answers as it is told.</summary>
internal sealed class Receiver : IAsyncDisposable
{
    private readonly WebApplication _app;
    private readonly SemaphoreSlim _arrived = new(0);
    private readonly CancellationTokenSource _stopping = new();

    private Receiver(WebApplication app) => _app = app;

    public Uri Address { get; private set; } = null!;

    public ConcurrentQueue<Received> Requests { get; } = [];

    /// <summary>The answer, by the request and how many came before: a status, a body and headers. 200 "ok" without.</summary>
    public Func<Received, int, (int Status, string Body, (string Name, string Value)[] Headers)>? Answer { get; set; }

    /// <summary>Requests are taken and never answered.</summary>
    public bool IsSilent { get; set; }

    public static async Task<Receiver> StartAsync()
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        builder.WebHost.ConfigureKestrel(static k => k.Limits.MaxRequestBodySize = null);
        var app = builder.Build();
        var receiver = new Receiver(app);
        app.Run(receiver.TakeAsync);
        await app.StartAsync();
        receiver.Address = new Uri(app.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.First() + "/");
        return receiver;
    }

    public void Answers(int status, string body = "", params (string Name, string Value)[] headers) => Answer = (_, _) => (status, body, headers);

    public Task ArrivedAsync(CancellationToken cancellationToken) => _arrived.WaitAsync(cancellationToken);

    public Received Last => Requests.Last();

    public async ValueTask DisposeAsync()
    {
        await _stopping.CancelAsync();
        await _app.DisposeAsync();
        _arrived.Dispose();
        _stopping.Dispose();
    }

    private async Task TakeAsync(HttpContext context)
    {
        using var body = new MemoryStream();
        await context.Request.Body.CopyToAsync(body);
        var headers = context.Request.Headers.ToDictionary(static h => h.Key, static h => h.Value.ToString(), StringComparer.OrdinalIgnoreCase);
        var request = new Received(context.Request.Method, context.Request.Path + context.Request.QueryString, headers, body.ToArray());
        int before = Requests.Count;
        Requests.Enqueue(request);
        _arrived.Release();
        if (IsSilent)
        {
            await Task.Delay(Timeout.InfiniteTimeSpan, TimeProvider.System, CancellationTokenSource.CreateLinkedTokenSource(_stopping.Token, context.RequestAborted).Token).ContinueWith(static _ => { }, TaskScheduler.Default);
            return;
        }
        var (status, text, extra) = Answer?.Invoke(request, before) ?? (200, "ok", []);
        context.Response.StatusCode = status;
        foreach (var (name, value) in extra) context.Response.Headers[name] = value;
        await context.Response.WriteAsync(text);
    }
}
