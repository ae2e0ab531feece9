using OpenTelemetry;
using OpenTelemetry.Exporter;
using OpenTelemetry.Metrics;
using OpenTelemetry.Resources;
using OpenTelemetry.Trace;

namespace ClosedLoop.Samples.Watcher.Telemetry;

/// <summary>Sends the library's traces and metrics to an OpenTelemetry collector while the host runs, and what is left of them when it stops.</summary>
internal sealed class OtlpExport(Uri endpoint, OtlpExportProtocol protocol, string service) : IHostedService, IDisposable
{
    public const string EndpointKey = "OTEL_EXPORTER_OTLP_ENDPOINT";

    private const string Source = "ClosedLoop";
    private const string ProtocolKey = "OTEL_EXPORTER_OTLP_PROTOCOL";
    private const int FlushMilliseconds = 5_000;

    private TracerProvider? _traces;
    private MeterProvider? _metrics;

    /// <summary>Adds the export when the usual variable names a collector; without it nothing is sent. Headers, timeouts and intervals are read by the exporter from their own variables.</summary>
    /// <exception cref="InvalidOperationException">A variable is wrong; the message names it and the fix.</exception>
    public static void AddTo(IHostApplicationBuilder builder)
    {
        if (builder.Configuration[EndpointKey] is not { Length: > 0 } text) return;
        if (!Uri.TryCreate(text, UriKind.Absolute, out var endpoint) || endpoint.Scheme is not ("http" or "https")) throw new InvalidOperationException($"{EndpointKey} is not an address; write http://collector:4318 or such.");
        var protocol = builder.Configuration[ProtocolKey] switch
        {
            null or "" or "http/protobuf" => OtlpExportProtocol.HttpProtobuf,
            "grpc" => OtlpExportProtocol.Grpc,
            _ => throw new InvalidOperationException($"{ProtocolKey} must be http/protobuf, the default here, or grpc."),
        };
        string service = builder.Configuration["OTEL_SERVICE_NAME"] is { Length: > 0 } name ? name : "closedloop-watcher";
        builder.Services.AddHostedService(_ => new OtlpExport(endpoint, protocol, service));
    }

    public Task StartAsync(CancellationToken cancellationToken)
    {
        var resource = ResourceBuilder.CreateDefault().AddService(service);
        _traces = Sdk.CreateTracerProviderBuilder().SetResourceBuilder(resource).AddSource(Source).AddOtlpExporter(o => Configure(o, "v1/traces")).Build();
        _metrics = Sdk.CreateMeterProviderBuilder().SetResourceBuilder(resource).AddMeter(Source).AddOtlpExporter(o => Configure(o, "v1/metrics")).Build();
        return Task.CompletedTask;
    }

    public Task StopAsync(CancellationToken cancellationToken)
    {
        _traces?.ForceFlush(FlushMilliseconds);
        _metrics?.ForceFlush(FlushMilliseconds);
        return Task.CompletedTask;
    }

    public void Dispose()
    {
        _traces?.Dispose();
        _metrics?.Dispose();
    }

    private void Configure(OtlpExporterOptions options, string signal)
    {
        options.Protocol = protocol;
        // Set in code, an address is taken as it is: only over HTTP does each signal have a path of its own.
        options.Endpoint = protocol == OtlpExportProtocol.HttpProtobuf ? new Uri(endpoint.AbsoluteUri.TrimEnd('/') + "/" + signal) : endpoint;
    }
}
