namespace ClosedLoop.AspNetCore.Api.Operations;

/// <summary>A part of the API.</summary>
internal interface IApiOperations
{
    IReadOnlyList<ApiOperation> Operations { get; }
}
