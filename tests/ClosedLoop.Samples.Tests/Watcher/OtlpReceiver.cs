using System.Collections.Concurrent;
using System.Net;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace ClosedLoop.Samples.Tests.Watcher;

/// <summary>What a collector is for an exporter: takes OTLP over HTTP in protobuf (opentelemetry-proto, collector/trace and collector/metrics).</summary>
internal sealed class OtlpReceiver : IAsyncDisposable
{
    private readonly WebApplication _app;

    private OtlpReceiver(WebApplication app) => _app = app;

    public ConcurrentQueue<OtlpSpan> Spans { get; } = new();

    /// <summary>Names of metrics and their units.</summary>
    public ConcurrentDictionary<string, string> Metrics { get; } = new(StringComparer.Ordinal);

    public ConcurrentDictionary<string, string> Resource { get; } = new(StringComparer.Ordinal);

    public Uri Address => new(_app.Urls.First());

    public static async Task<OtlpReceiver> StartAsync()
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.ConfigureKestrel(static k => k.Listen(IPAddress.Loopback, 0));
        var app = builder.Build();
        var receiver = new OtlpReceiver(app);
        app.MapPost("/v1/traces", context => TakeAsync(context, receiver.TakeTraces));
        app.MapPost("/v1/metrics", context => TakeAsync(context, receiver.TakeMetrics));
        await app.StartAsync();
        return receiver;
    }

    public ValueTask DisposeAsync() => _app.DisposeAsync();

    private static async Task TakeAsync(HttpContext context, Action<ProtoMessage> take)
    {
        Assert.Equal("application/x-protobuf", context.Request.ContentType);
        using var body = new MemoryStream();
        await context.Request.Body.CopyToAsync(body);
        take(new ProtoMessage(body.ToArray()));
        context.Response.ContentType = "application/x-protobuf";
    }

    private void TakeTraces(ProtoMessage request)
    {
        foreach (var resource in request.Messages(1))
        {
            foreach (var (key, value) in Attributes(resource.Messages(1).Single(), 1)) Resource[key] = value;
            foreach (var span in resource.Messages(2).SelectMany(static s => s.Messages(2)))
                Spans.Enqueue(new OtlpSpan(span.Hex(1), span.Hex(2), span.Hex(4), span.Text(5), span.Fixed64(7), span.Fixed64(8), Attributes(span, 9)));
        }
    }

    private void TakeMetrics(ProtoMessage request)
    {
        foreach (var metric in request.Messages(1).SelectMany(static r => r.Messages(2)).SelectMany(static s => s.Messages(2))) Metrics[metric.Text(1)] = metric.Text(3);
    }

    private static Dictionary<string, string> Attributes(ProtoMessage of, int field)
    {
        var read = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var pair in of.Messages(field)) read[pair.Text(1)] = pair.Messages(2).Single().Text(1);
        return read;
    }
}
