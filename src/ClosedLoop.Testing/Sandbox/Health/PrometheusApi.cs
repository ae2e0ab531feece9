using System.Globalization;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using ClosedLoop.Testing.Sandbox.Http;
using ClosedLoop.Testing.Sandbox.World;
using Microsoft.AspNetCore.Http;

namespace ClosedLoop.Testing.Sandbox.Health;

/// <summary>
/// The instant queries of a Prometheus that measures the services. It has the series <c>build_info</c> and, of versions that had a check,
/// <c>request_error_ratio</c>, each with the labels <c>target</c> and <c>revision</c>; it knows selectors with <c>=</c>, and no operators.
/// </summary>
internal sealed partial class PrometheusApi(WorldState world, ServiceHealth health) : ISandboxApi
{
    private const int RegexTimeoutMilliseconds = 1_000;

    public async Task HandleAsync(HttpContext context)
    {
        if (context.Request.Path.Value != "/api/v1/query")
        {
            context.Response.StatusCode = StatusCodes.Status404NotFound;
            return;
        }
        var values = HttpMethods.IsPost(context.Request.Method) && context.Request.HasFormContentType ? (await context.Request.ReadFormAsync(context.RequestAborted).ConfigureAwait(false))["query"] : context.Request.Query["query"];
        var selector = Selector().Match(values.ToString());
        if (!selector.Success)
        {
            await ApiReply.JsonAsync(context, new JsonObject { ["status"] = "error", ["errorType"] = "bad_data", ["error"] = "invalid parameter \"query\": parse error" }, StatusCodes.Status400BadRequest, "application/json").ConfigureAwait(false);
            return;
        }
        var wanted = Label().Matches(selector.Groups["labels"].Value).Select(static l => (Name: l.Groups["name"].Value, Value: l.Groups["value"].Value)).ToList();
        JsonArray result;
        lock (world.Lock)
        {
            double now = world.Now.ToUnixTimeMilliseconds() / 1000d;
            result = new JsonArray([.. Series(selector.Groups["metric"].Value).Where(s => wanted.TrueForAll(w => (string?)s.Labels[w.Name] == w.Value))
                .Select(s => (JsonNode?)new JsonObject { ["metric"] = s.Labels, ["value"] = new JsonArray(now, s.Value.ToString(CultureInfo.InvariantCulture)) })]);
        }
        await ApiReply.JsonAsync(context, new JsonObject { ["status"] = "success", ["data"] = new JsonObject { ["resultType"] = "vector", ["result"] = result } }, contentType: "application/json").ConfigureAwait(false);
    }

    private IEnumerable<(JsonObject Labels, double Value)> Series(string metric)
    {
        foreach (var (_, target, version, isGood) in health.All)
        {
            if (metric == "build_info") yield return (Labels(metric, target, version), 1);
            // No traffic, no ratio.
            else if (metric == "request_error_ratio" && isGood is { } good) yield return (Labels(metric, target, version), good ? 0.001 : 0.4);
        }
    }

    private static JsonObject Labels(string metric, string target, WorldVersion version) => new() { ["__name__"] = metric, ["job"] = "services", ["target"] = target, ["revision"] = version.Commit.Sha };

    [GeneratedRegex("""^\s*(?<metric>[a-z_]+)\s*(\{(?<labels>(\s*[a-z_]+\s*=\s*"[^"]*"\s*,?)*)\})?\s*$""", RegexOptions.ExplicitCapture | RegexOptions.CultureInvariant, RegexTimeoutMilliseconds)]
    private static partial Regex Selector();

    [GeneratedRegex("""(?<name>[a-z_]+)\s*=\s*"(?<value>[^"]*)"\s*""", RegexOptions.ExplicitCapture | RegexOptions.CultureInvariant, RegexTimeoutMilliseconds)]
    private static partial Regex Label();
}
