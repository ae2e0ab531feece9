using System.Globalization;
using System.Text.Json.Nodes;
using ClosedLoop.Testing.Sandbox.Http;
using ClosedLoop.Testing.Sandbox.World;
using Microsoft.AspNetCore.Http;

namespace ClosedLoop.Testing.Sandbox.GitOps;

/// <summary>The part of Argo CD's API that tells of applications.</summary>
internal sealed class ArgoCDApi(WorldState world, GitOpsObjects? objects) : ISandboxApi
{
    public Task HandleAsync(HttpContext context)
    {
        if (!ApiToken.IsBearer(context, world.Secrets.ArgoCDToken)) return ErrorAsync(context, StatusCodes.Status401Unauthorized, 16, "no session information");
        if (objects is null || !HttpMethods.IsGet(context.Request.Method)) return ErrorAsync(context, StatusCodes.Status404NotFound, 5, "Not Found");
        JsonObject? answer;
        lock (world.Lock)
        {
            answer = context.Request.Path.Value!.Split('/', StringSplitOptions.RemoveEmptyEntries) switch
            {
                ["api", "v1", "applications"] => List(context, objects),
                ["api", "v1", "applications", var name] => objects.All.FirstOrDefault(o => o.Name == name) is { } found ? objects.View.Object(found) : null,
                _ => null,
            };
        }
        return answer is null ? ErrorAsync(context, StatusCodes.Status404NotFound, 5, "Not Found") : ApiReply.JsonAsync(context, answer, contentType: "application/json");
    }

    private static JsonObject List(HttpContext context, GitOpsObjects objects)
    {
        string space = context.Request.Query["appNamespace"].ToString(), fields = context.Request.Query["fields"].ToString();
        JsonNode?[] items = [.. objects.All.Where(_ => space.Length == 0 || space == objects.View.Namespace).Select(objects.View.Object)];
        var list = new JsonObject
        {
            ["metadata"] = new JsonObject { ["resourceVersion"] = objects.Version.ToString(CultureInfo.InvariantCulture) },
            // As Go writes a list with nothing in it.
            ["items"] = items.Length == 0 ? null : new JsonArray(items),
        };
        return fields.Length == 0 ? list : Select(list, [.. fields.Split(',').Select(static f => f.Split('.'))]);
    }

    // What is not asked for is left out.
    private static JsonObject Select(JsonObject whole, IReadOnlyList<string[]> paths)
    {
        var part = new JsonObject();
        foreach (var group in paths.GroupBy(static p => p[0]))
        {
            if (!whole.TryGetPropertyValue(group.Key, out var value)) continue;
            string[][] inside = [.. group.Select(static p => p[1..])];
            part[group.Key] = inside.Any(static p => p.Length == 0) ? value?.DeepClone() : value switch
            {
                JsonObject child => Select(child, inside),
                JsonArray children => new JsonArray([.. children.Select(c => (JsonNode?)Select(c!.AsObject(), inside))]),
                _ => null,
            };
        }
        return part;
    }

    private static Task ErrorAsync(HttpContext context, int status, int code, string message) =>
        ApiReply.JsonAsync(context, new JsonObject { ["error"] = message, ["code"] = code, ["message"] = message }, status, "application/json");
}
