using ClosedLoop.Storage;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace ClosedLoop.AspNetCore.Problems;

/// <summary>Runs an endpoint so that every failure becomes an answer.</summary>
internal static partial class SafeEndpoint
{
    public static RequestDelegate Of(ILogger logger, Func<HttpContext, ValueTask<Answer>> answer) => async context =>
    {
        Answer result;
        try
        {
            result = await answer(context).ConfigureAwait(false);
        }
        catch (StoreUnavailableException exception)
        {
            LogUnavailable(logger, exception);
            result = Problem.Busy("The store is not available now; try again.");
        }
        catch (Exception exception) when (exception is OperationCanceledException or IOException && context.RequestAborted.IsCancellationRequested)
        {
            // Nobody is left to answer.
            return;
        }
        catch (Exception exception)
        {
            LogFailed(logger, exception, context.Request.Method, context.GetEndpoint()?.DisplayName ?? "");
            result = Problem.Failed();
        }
        await result.WriteAsync(context).ConfigureAwait(false);
    };

    [LoggerMessage(60, LogLevel.Warning, "The store is not available; a request was answered with 503")]
    private static partial void LogUnavailable(ILogger logger, Exception exception);

    [LoggerMessage(61, LogLevel.Error, "{Method} {Endpoint} failed")]
    private static partial void LogFailed(ILogger logger, Exception exception, string method, string endpoint);
}
