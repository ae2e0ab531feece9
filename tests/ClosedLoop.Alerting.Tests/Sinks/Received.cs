using System.Text;
using System.Text.Json;

namespace ClosedLoop.Alerting.Tests.Sinks;

/// <summary>A request that arrived.</summary>
internal sealed record Received(string Method, string Path, Dictionary<string, string> Headers, byte[] Body)
{
    public string Text => Encoding.UTF8.GetString(Body);

    public JsonElement Json => JsonDocument.Parse(Body).RootElement;
}
