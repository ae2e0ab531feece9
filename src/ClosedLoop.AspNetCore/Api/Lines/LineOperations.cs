using ClosedLoop.AspNetCore.Access;
using ClosedLoop.AspNetCore.Api.Operations;
using ClosedLoop.AspNetCore.Problems;
using ClosedLoop.Hosting;
using ClosedLoop.Lines;
using Microsoft.AspNetCore.Http;

namespace ClosedLoop.AspNetCore.Api.Lines;

/// <summary>Reads lines: what is red, what landed, what was built of it and what runs where.</summary>
internal sealed class LineOperations(ILoopQueries queries) : IApiOperations
{
    private const int MaxLines = 500;
    private const int MaxCommits = 200;

    public IReadOnlyList<ApiOperation> Operations =>
    [
        ApiOperation.Get("/lines", "listLines", "Lists lines, the one whose head moved last first, with whether each is red or green.", ListAsync, ApiJson.Default.LineListBody, 400) with
        {
            Query = [new ApiParameter("repository", "Only lines of this repository."), ApiParameter.Limit(100, MaxLines)],
        },
        ApiOperation.Get("/lines/{repository}/{branch}", "getLine", "Reads a line's commits, newest first, with their evidence, what landed with them, and what runs where. A '/' in a name is escaped as %2F.", GetAsync, ApiJson.Default.LineBody, 400, 404) with
        {
            Query = [new ApiParameter("before", "Only commits before this one: 'nextBefore' of the page before."), ApiParameter.Limit(50, MaxCommits)],
        },
    ];

    private async ValueTask<Answer> ListAsync(HttpContext context, Caller caller)
    {
        if (RequestRead.Limit(context, 100, MaxLines, out int limit) is { } badLimit) return badLimit;
        if (RequestRead.Filters(context, "repository") is { } badFilter) return badFilter;
        var lines = await queries.ListLinesAsync(RequestRead.Query(context, "repository"), limit, context.RequestAborted).ConfigureAwait(false);
        return new JsonAnswer<LineListBody>(200, new LineListBody([.. lines.Select(LineSummaryBody.Of)]), ApiJson.Default.LineListBody);
    }

    private async ValueTask<Answer> GetAsync(HttpContext context, Caller caller)
    {
        if (RequestRead.Limit(context, 50, MaxCommits, out int limit) is { } badLimit) return badLimit;
        if (RequestRead.Filters(context, "before") is { } badFilter) return badFilter;
        string repository = RequestRead.Route(context, "repository"), branch = RequestRead.Route(context, "branch");
        // What no key can hold is the name of nothing.
        if (repository.Length + branch.Length > RequestRead.MaxFilter || repository.Any(char.IsControl) || branch.Any(char.IsControl)) return Unknown();
        var query = new LineQuery { Repository = repository, Branch = branch, Before = RequestRead.Query(context, "before"), Limit = limit };
        return await queries.ReadLineAsync(query, context.RequestAborted).ConfigureAwait(false) is { } view
            ? new JsonAnswer<LineBody>(200, LineBody.Of(view), ApiJson.Default.LineBody)
            : Unknown();
    }

    private static Problem Unknown() => Problem.NotFound("No source named this branch, or 'before' is no commit of it; see GET /lines. Escape a '/' in a name as %2F.");
}
