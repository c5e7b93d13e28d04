# Every target prepares .venv by itself; a machine needs only python3 (3.11 or newer), python3-venv and make.
PYTHON ?= python3
VENV   := .venv
BIN    := $(VENV)/bin
READY  := $(VENV)/.ready
# The developer's tools live apart: pandera imports hypothesis wherever it is installed, which takes as long as pandera.
DEV       := .venv-dev/bin
DEV_READY := .venv-dev/.ready
# Of the bench: numbers of workbooks, and how often each is measured.
N      ?= 27,1000
REPEAT ?= 5
AS_OF_OPTION = $(if $(AS_OF),--as-of $(AS_OF))
.DEFAULT_GOAL := help

$(READY): requirements.lock pyproject.toml
$(DEV_READY): .requirements-dev.lock pyproject.toml
$(READY) $(DEV_READY):
	@$(PYTHON) -c 'import sys; sys.exit("Cần Python 3.11 trở lên.") if sys.version_info < (3, 11) else None'
	@echo "Chuẩn bị môi trường lần đầu (vài phút)…"
	@$(PYTHON) -m venv $(@D)
	@$(@D)/bin/python -m pip install --quiet --disable-pip-version-check --require-hashes -r $<
	@$(@D)/bin/python -m pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation -e .
	@$(@D)/bin/python -m compileall -q pipeline schemas
	@touch $@

.PHONY: help quarter report year decisions templates letters brief check plan sample preview bench test ci lint format clean

help: ## Hiện các lệnh
	@grep -hE '^[a-z-]+:.*## ' $(MAKEFILE_LIST) | awk -F ':.*## ' '{printf "  make %-11s %s\n", $$1, $$2}'

quarter: $(READY) ## Tổng hợp một quý: make quarter [QUARTER=2021-Q2] [AS_OF=25/06/2021]
	@$(BIN)/tonghop quarter $(QUARTER) $(AS_OF_OPTION)

report: $(READY) ## Tổng hợp một kỳ bất kỳ: make report PERIOD=2021-DX1 [AS_OF=…]
	@$(BIN)/tonghop report $(PERIOD) $(AS_OF_OPTION)

year: $(READY) ## Tổng hợp cả năm: make year YEAR=2021 [AS_OF=…]
	@$(BIN)/tonghop year $(YEAR) $(AS_OF_OPTION)

decisions: $(READY) ## Tạo tệp ghi quyết định của cán bộ: make decisions QUARTER=2021-Q2
	@$(BIN)/tonghop decisions $(QUARTER)

templates: $(READY) ## Tạo biểu mẫu gửi các đơn vị: make templates QUARTER=2021-Q3
	@$(BIN)/tonghop templates $(QUARTER)

letters: $(READY) ## Soạn thư nháp: make letters QUARTER=2021-Q2 KIND=phat-mau|nhac|tra-lai|ket-qua [AS_OF=…]
	@$(BIN)/tonghop letters $(QUARTER) $(KIND) $(AS_OF_OPTION)

brief: $(READY) ## Soạn dự thảo báo cáo trình UBND tỉnh (.docx): make brief [QUARTER=2021-Q2]
	@$(BIN)/tonghop brief $(QUARTER)

check: $(READY) ## Kiểm tra một bản nộp: make check FILE="đường dẫn.xlsx"
	@$(if $(FILE),$(BIN)/tonghop check "$(FILE)",echo 'Thiếu tên tệp: make check FILE="đường dẫn.xlsx"'; exit 2)

plan: $(READY) ## Tạo kế hoạch năm mới từ kế hoạch mới nhất: make plan YEAR=2022
	@$(BIN)/tonghop plan $(YEAR)

sample: $(READY) ## Tạo lại bản nộp minh họa quý I, quý II năm 2021
	@$(BIN)/tonghop sample

preview: $(DEV_READY) ## Chụp lại hình các tệp kết quả minh họa (cần LibreOffice, poppler-utils)
	@$(DEV)/python -m tests.preview.render

bench: $(READY) ## Đo tốc độ so với cách làm thường và mức tối thiểu: make bench [N=27,1000] [REPEAT=5]
	@$(BIN)/python -m tests.bench --sizes $(N) --repeat $(REPEAT) --json output/bench.json

test: $(DEV_READY) ## Chạy các kiểm thử
	@$(DEV)/python -m pytest

ci: $(DEV_READY) ## Kiểm tra như CI: ruff, định dạng, mypy, kiểm thử kèm độ phủ nhánh
	@$(DEV)/ruff check .
	@$(DEV)/ruff format --check .
	@$(DEV)/mypy
	@$(DEV)/coverage erase
	@$(DEV)/coverage run -m pytest
	@$(DEV)/coverage combine --quiet
	@$(DEV)/coverage report

format: $(DEV_READY) ## Định dạng mã nguồn
	@$(DEV)/ruff check --fix .
	@$(DEV)/ruff format .

clean: ## Xóa môi trường và kết quả (không xóa input/)
	@rm -rf $(VENV) .venv-dev .pytest_cache .mypy_cache .ruff_cache .hypothesis .coverage *.egg-info
	@find output -mindepth 1 ! -name .gitkeep -delete
