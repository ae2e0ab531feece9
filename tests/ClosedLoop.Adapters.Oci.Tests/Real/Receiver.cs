using System.Collections.Concurrent;
using System.Text.Json;
using ClosedLoop.Facts;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace ClosedLoop.Adapters.Oci.Tests.Real;

/// <summary>Receives notifications and answers as an adapter's registration says.</summary>
internal sealed class Receiver : IAsyncDisposable
{
    private readonly WebApplication _app;

    private Receiver(WebApplication app) => _app = app;

    public Uri Address { get; private set; } = null!;

    public AdapterRegistration? Adapter { get; set; }

    /// <summary>The status with which the next deliveries are answered before anything is read; null: they are taken.</summary>
    public Func<int, int?> Refuse { get; set; } = static _ => null;

    public ConcurrentQueue<(string Id, string Action, string MediaType, int Status)> Deliveries { get; } = [];

    public ConcurrentQueue<Fact> Facts { get; } = [];

    public static async Task<Receiver> StartAsync()
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        var app = builder.Build();
        var receiver = new Receiver(app);
        app.Run(receiver.ReceiveAsync);
        await app.StartAsync();
        receiver.Address = new Uri(app.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.First() + "/hooks/oci");
        return receiver;
    }

    public ValueTask DisposeAsync() => _app.DisposeAsync();

    private async Task ReceiveAsync(HttpContext context)
    {
        using var body = new MemoryStream();
        await context.Request.Body.CopyToAsync(body);
        var delivery = new WebhookDelivery
        {
            Source = Adapter!.Name,
            Headers = context.Request.Headers.ToDictionary(static h => h.Key, static h => h.Value.ToString(), StringComparer.OrdinalIgnoreCase),
            Body = body.ToArray(),
            ReceivedAt = DateTimeOffset.UtcNow,
        };
        context.Response.StatusCode = Answer(delivery);
        using var json = JsonDocument.Parse(delivery.Body);
        foreach (var @event in json.RootElement.GetProperty("events").EnumerateArray())
            Deliveries.Enqueue((@event.GetProperty("id").GetString()!, @event.GetProperty("action").GetString()!, @event.Text("target", "mediaType") ?? "", context.Response.StatusCode));
    }

    private int Answer(in WebhookDelivery delivery)
    {
        if (!Adapter!.Authenticator!.IsAuthentic(delivery)) return 401;
        if (Refuse(Deliveries.Count) is { } status) return status;
        var translation = Adapter.Translator!.Translate(delivery);
        foreach (var fact in translation.Facts) Facts.Enqueue(fact);
        return translation.Outcome == TranslationOutcome.Malformed ? Adapter.MalformedStatusCode : 202;
    }
}
