namespace ClosedLoop.Intake;

/// <summary>The record changed between two reads of one batch. Not seen outside of the committer, which reads again.</summary>
internal sealed class StaleReadException : Exception;
