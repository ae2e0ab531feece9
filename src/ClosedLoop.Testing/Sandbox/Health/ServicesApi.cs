using System.Text.Json.Nodes;
using ClosedLoop.Testing.Sandbox.Http;
using ClosedLoop.Testing.Sandbox.World;
using Microsoft.AspNetCore.Http;

namespace ClosedLoop.Testing.Sandbox.Health;

/// <summary>
/// The services themselves: <c>TARGET/health</c> answers as Spring Boot's actuator does, with the commit that answers. While two versions
/// serve, they answer in turn.
/// </summary>
internal sealed class ServicesApi(WorldState world, ServiceHealth health) : ISandboxApi
{
    private int _asked;

    public Task HandleAsync(HttpContext context)
    {
        if (!HttpMethods.IsGet(context.Request.Method) || context.Request.Path.Value!.Split('/', StringSplitOptions.RemoveEmptyEntries) is not [var name, "health"]) return NotFoundAsync(context);
        (string Commit, bool? IsGood)? answers = null;
        lock (world.Lock)
        {
            var serving = health.Of(name).ToList();
            if (serving.Count > 0 && serving[_asked++ % serving.Count] is var one) answers = (one.Version.Commit.Sha, one.IsGood);
        }
        if (answers is not { } answer) return NotFoundAsync(context);
        string status = answer.IsGood switch { true => "UP", false => "DOWN", null => "OUT_OF_SERVICE" };
        return ApiReply.JsonAsync(context, new JsonObject { ["status"] = status, ["commit"] = answer.Commit }, answer.IsGood == true ? StatusCodes.Status200OK : StatusCodes.Status503ServiceUnavailable, "application/json");
    }

    private static Task NotFoundAsync(HttpContext context) => ApiReply.JsonAsync(context, new JsonObject { ["error"] = "Not Found" }, StatusCodes.Status404NotFound, "application/json");
}
