using System.Globalization;
using System.Text.Json.Nodes;
using ClosedLoop.Testing.Sandbox.Http;
using ClosedLoop.Testing.Sandbox.World;
using Microsoft.AspNetCore.Http;

namespace ClosedLoop.Testing.Sandbox.Cluster;

/// <summary>The parts of the Kubernetes API that tell of workloads, their ReplicaSets and pods: lists, single objects and watches.</summary>
internal sealed class ClusterApi(WorldState world) : ISandboxApi
{
    private readonly ListPages _pages = new();

    public Task HandleAsync(HttpContext context)
    {
        context.Response.Headers.Date = world.Now.ToString("r", CultureInfo.InvariantCulture);
        if (!ApiToken.IsBearer(context, world.Secrets.ClusterToken)) return StatusAsync(context, StatusCodes.Status401Unauthorized, "Unauthorized", "Unauthorized");
        if (!HttpMethods.IsGet(context.Request.Method)) return StatusAsync(context, StatusCodes.Status405MethodNotAllowed, "MethodNotAllowed", "the sandbox's cluster is read only");
        string path = context.Request.Path.Value!.Trim('/');
        foreach (var collection in ClusterCollection.All)
        {
            if (path == collection.Path) return CollectionAsync(context, collection);
            if (path.StartsWith(collection.Path + "/", StringComparison.Ordinal)) return ObjectAsync(context, collection, path[(collection.Path.Length + 1)..]);
        }
        return StatusAsync(context, StatusCodes.Status404NotFound, "NotFound", "the server could not find the requested resource");
    }

    public static JsonObject Status(int code, string reason, string message) => new()
    {
        ["kind"] = "Status",
        ["apiVersion"] = "v1",
        ["metadata"] = new JsonObject(),
        ["status"] = "Failure",
        ["message"] = message,
        ["reason"] = reason,
        ["code"] = code,
    };

    public static Task StatusAsync(HttpContext context, int code, string reason, string message) => ApiReply.JsonAsync(context, Status(code, reason, message), code, "application/json");

    private Task CollectionAsync(HttpContext context, ClusterCollection collection)
    {
        if (ObjectSelector.Read(context.Request.Query) is not { } selector) return StatusAsync(context, StatusCodes.Status400BadRequest, "BadRequest", "the sandbox's cluster does not know this selector");
        return context.Request.Query["watch"].ToString() is "1" or "true" ? new ClusterWatchAnswer(world, collection, selector).WriteAsync(context) : ListAsync(context, collection, selector);
    }

    private Task ListAsync(HttpContext context, ClusterCollection collection, ObjectSelector selector)
    {
        int limit = ApiReply.Number(context, "limit", 0, int.MaxValue);
        JsonObject about;
        List<ClusterObject> page;
        lock (world.Lock)
        {
            string? next;
            long version = world.Cluster.Version;
            if (context.Request.Query["continue"].ToString() is { Length: > 0 } token)
            {
                if (_pages.Next(token, limit) is not { } found) return StatusAsync(context, StatusCodes.Status410Gone, "Expired", "The provided continue parameter is too old to display a consistent list result.");
                (page, next, version) = found;
            }
            else
            {
                (page, next) = _pages.Begin([.. world.Cluster.List(collection).Where(selector.Takes)], version, limit);
            }
            about = new JsonObject { ["resourceVersion"] = DeploymentJson.Number(version) };
            if (next is not null) about["continue"] = next;
        }
        return ApiReply.JsonAsync(context, new JsonObject
        {
            ["kind"] = collection.Kind + "List",
            ["apiVersion"] = collection.ApiVersion,
            ["metadata"] = about,
            ["items"] = new JsonArray([.. page.Select(static o => o.Show(inList: true))]),
        }, contentType: "application/json");
    }

    private Task ObjectAsync(HttpContext context, ClusterCollection collection, string name)
    {
        ClusterObject? found;
        lock (world.Lock) found = world.Cluster.Find(collection, name);
        return found is null
            ? StatusAsync(context, StatusCodes.Status404NotFound, "NotFound", $"{collection.Path[(collection.Path.LastIndexOf('/') + 1)..]} \"{name}\" not found")
            : ApiReply.JsonAsync(context, found.Show(inList: false), contentType: "application/json");
    }
}
