using ClosedLoop.AspNetCore.Api;
using ClosedLoop.AspNetCore.Dashboard.Rendering;
using ClosedLoop.Hosting;
using ClosedLoop.Lines;
using Microsoft.AspNetCore.Http;

namespace ClosedLoop.AspNetCore.Dashboard.Lines;

/// <summary>Reads the lines whose heads moved last, and one of them in full: the one that is asked for, else the first.</summary>
internal sealed class LinesReader(ILoopQueries queries)
{
    private const int MostLines = 40;
    private const int Commits = 60;
    private const int LongestSha = 64;

    public async ValueTask<Page> ReadAsync(HttpContext context)
    {
        var lines = await queries.ListLinesAsync(limit: MostLines + 1, cancellationToken: context.RequestAborted).ConfigureAwait(false);
        string? repository = RequestRead.Query(context, "repository");
        string? branch = RequestRead.Query(context, "branch");
        string? before = RequestRead.Query(context, "before");
        if (before?.Length > LongestSha) return ErrorPage.BadRequest("The address names a commit that is none. Begin with the line's newest commits.");
        if (repository is null || branch is null)
        {
            if (lines.Count == 0) return Of(new LinesModel { Lines = [] });
            (repository, branch) = (lines[0].Repository, lines[0].Branch);
        }
        var line = await queries.ReadLineAsync(new LineQuery { Repository = repository, Branch = branch, Before = before, Limit = Commits }, context.RequestAborted).ConfigureAwait(false);
        return line is null
            ? ErrorPage.NotFound("No source named this line, or the commit is not on it. Begin with the list of lines.")
            : Of(new LinesModel { Lines = [.. lines.Take(MostLines)], Line = line, IsOlder = before is not null, MayBeMore = lines.Count > MostLines });
    }

    private static Page Of(LinesModel model) => Page.Of<LinesPage>(model, "Lines", Section.Lines);
}
