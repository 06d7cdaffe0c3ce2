from concours.platform.incubation.models.mentor import DeclaredConflict, Mentor, Mentoring

__all__ = ["DeclaredConflict", "Mentor", "Mentoring"]
