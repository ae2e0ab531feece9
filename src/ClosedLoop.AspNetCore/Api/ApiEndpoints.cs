using ClosedLoop.AspNetCore.Access;
using ClosedLoop.AspNetCore.Api.Operations;
using ClosedLoop.AspNetCore.Problems;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.Logging;

namespace ClosedLoop.AspNetCore.Api;

/// <summary>Maps the operations of the API.</summary>
internal sealed class ApiEndpoints(ApiAccess access, IEnumerable<IApiOperations> parts, ILogger<ApiEndpoints> logger)
{
    private static readonly string[] Read = [HttpMethods.Get, HttpMethods.Head];
    private static readonly string[] Write = [HttpMethods.Post];

    public void Map(IEndpointRouteBuilder group)
    {
        foreach (var pattern in parts.SelectMany(static p => p.Operations).GroupBy(static o => o.Pattern, StringComparer.Ordinal))
        {
            foreach (var operation in pattern) group.MapMethods(pattern.Key, operation.IsRead ? Read : Write, Endpoint(operation));
            // Routing's own answer to another method has no body; endpoints without methods come after those with.
            string allow = string.Join(", ", pattern.SelectMany(static o => o.IsRead ? Read : Write).Distinct(StringComparer.Ordinal));
            group.Map(pattern.Key, SafeEndpoint.Of(logger, _ => new ValueTask<Answer>(Problem.MethodNotAllowed(allow))));
        }
    }

    private RequestDelegate Endpoint(ApiOperation operation) => SafeEndpoint.Of(logger, async context =>
    {
        var caller = access.Identify(context);
        if (access.Refuse(caller, operation.Required) is { } refusal) return refusal;
        var answer = await operation.Handler(context, caller).ConfigureAwait(false);
        answer.IsRevalidated = operation.IsRead && answer.Status == StatusCodes.Status200OK;
        return answer;
    });
}
