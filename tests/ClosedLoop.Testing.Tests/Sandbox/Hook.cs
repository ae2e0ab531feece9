using System.Text.Json;
using ClosedLoop.Adapters;

namespace ClosedLoop.Testing.Tests.Sandbox;

internal sealed record Hook(string Source, IReadOnlyDictionary<string, string> Headers, byte[] Body)
{
    public string Header(string name) => Headers.GetValueOrDefault(name, "");

    public JsonElement Json()
    {
        using var document = JsonDocument.Parse(Body);
        return document.RootElement.Clone();
    }

    public WebhookDelivery ToDelivery() => new() { Source = Source, Headers = Headers, Body = Body, ReceivedAt = DateTimeOffset.UnixEpoch };
}
